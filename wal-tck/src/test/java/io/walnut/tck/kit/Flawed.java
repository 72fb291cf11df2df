package io.walnut.tck.kit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

/** Makes an honest part do one thing wrong. */
public final class Flawed {
    private Flawed() {}

    /** What is done instead of a call, which it can make. */
    public interface Instead {
        Object call(Object[] args, Callable<Object> honest) throws Throwable;
    }

    /** The part, but one of its methods does something else. */
    public static <T> T in(Class<T> type, T honest, String method, Instead instead) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, args) -> {
            Object[] given = args == null ? new Object[0] : args;
            return called.getName().equals(method)
                    ? instead.call(given, () -> invoke(honest, called, given))
                    : invoke(honest, called, given);
        }));
    }

    private static Object invoke(Object honest, Method called, Object[] args) throws Exception {
        try {
            called.setAccessible(true);
            return called.invoke(honest, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }
}
