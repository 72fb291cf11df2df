package io.walnut.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method that the interface has, whichever these are when this runs, gets through the base of its decorators. */
class ForwardingTest {
    /** A method of an interface that is decorated without changing anything. */
    private record Case<T>(Class<T> type, UnaryOperator<T> decorate, Method method) {
        static <T> Stream<Case<?>> of(Class<T> type, UnaryOperator<T> decorate) {
            return Arrays.stream(type.getMethods())
                    .filter(method -> !Modifier.isStatic(method.getModifiers()))
                    .map(method -> new Case<>(type, decorate, method));
        }

        Object[] arguments() {
            Object[] arguments = new Object[method.getParameterCount()];
            Arrays.setAll(arguments, i -> sample(method.getParameterTypes()[i], i + 2));
            return arguments;
        }

        /** Calls the method of a decorator. */
        Object call(InvocationHandler delegate, Object... arguments) throws Throwable {
            try {
                return method.invoke(decorate.apply(proxy(type, delegate)), arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "." + method.getName();
        }
    }

    static Stream<Case<?>> everyMethod() {
        return Stream.of(
                        Case.of(Storage.class, delegate -> new ForwardingStorage(delegate) {}),
                        Case.of(StorageFile.class, delegate -> new ForwardingStorageFile(delegate) {}),
                        Case.of(MappedRegion.class, delegate -> new ForwardingMappedRegion(delegate) {}))
                .flatMap(cases -> cases);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A value that a method which forgets to pass it on does not come upon. */
    private static Object sample(Class<?> type, int i) {
        if (type == void.class) {
            return null;
        } else if (type == boolean.class) {
            return true;
        } else if (type == int.class) {
            return i;
        } else if (type == long.class) {
            return (long) i;
        } else if (type == String.class) {
            return "sample-" + i;
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(i);
        }
        return proxy(type, (self, method, arguments) -> null);
    }

    private static void assertIs(Object expected, Object actual) {
        if (expected instanceof Number || expected instanceof Boolean) {
            assertEquals(expected, actual);
        } else {
            assertSame(expected, actual);
        }
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void aCallArrivesOnceWithItsArgumentsAndItsResultComesBack(Case<?> tried) throws Throwable {
        Object[] arguments = tried.arguments();
        Object result = sample(tried.method().getReturnType(), 1);
        List<Method> called = new ArrayList<>();
        List<Object> given = new ArrayList<>();

        Object returned = tried.call(
                (self, method, received) -> {
                    called.add(method);
                    given.addAll(received == null ? List.of() : List.of(received));
                    return result;
                },
                arguments);

        assertEquals(List.of(tried.method()), called);
        assertEquals(arguments.length, given.size());
        for (int i = 0; i < arguments.length; i++) {
            assertIs(arguments[i], given.get(i));
        }
        assertIs(result, returned);
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void aFailureComesBackAsItIs(Case<?> tried) {
        boolean checked = List.of(tried.method().getExceptionTypes()).contains(IOException.class);
        Exception failure = checked ? new IOException("failed") : new IllegalStateException("failed");

        InvocationHandler failing = (self, method, received) -> {
            throw failure;
        };
        assertSame(failure, assertThrows(Exception.class, () -> tried.call(failing, tried.arguments())));
    }
}
