package io.walnut.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Loads the engine once more, with a check before everything that can allocate in the classes under test: each {@code
 * new}, each lambda, and each call into {@code java.util.concurrent} that may make a node or a thread. The check throws
 * {@link OutOfMemoryError} where a test asks for it.
 */
public final class AllocationFaults extends ClassLoader {
    private static final String ENGINE = "io.walnut.engine.";
    private static final AtomicLong UNTIL = new AtomicLong(Long.MAX_VALUE);
    private static final AtomicLong LACKS = new AtomicLong();
    private static final Set<String> ALLOCATING_CALLS =
            Set.of("execute", "schedule", "add", "offer", "put", "lock", "await", "awaitNanos", "complete");

    private final String underTest;

    /**
     * Loads the engine's classes anew.
     *
     * @param underTest the prefix of the names of classes that are given checks
     */
    AllocationFaults(String underTest) {
        super(AllocationFaults.class.getClassLoader());
        this.underTest = underTest;
    }

    /** Lets a number of allocations succeed, and then lacks memory for another number of them. */
    static void lackAfter(long succeed, long lacking) {
        LACKS.set(lacking);
        UNTIL.set(succeed);
    }

    /** Ends the lack; returns whether it was reached. */
    static boolean end() {
        return UNTIL.getAndSet(Long.MAX_VALUE) < 0;
    }

    /** Called before each allocation. */
    public static void check() {
        if (UNTIL.get() != Long.MAX_VALUE && UNTIL.decrementAndGet() < 0 && LACKS.decrementAndGet() >= 0) {
            throw new OutOfMemoryError("injected");
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(ENGINE) || name.equals(AllocationFaults.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream source = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (source == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = source.readAllBytes();
            byte[] defined = name.startsWith(underTest) ? checked(bytes) : bytes;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static byte[] checked(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor target = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return name.equals("<clinit>") ? target : new Checks(target);
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class Checks extends MethodVisitor {
        Checks(MethodVisitor target) {
            super(Opcodes.ASM9, target);
        }

        private void check() {
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, AllocationFaults.class.getName().replace('.', '/'), "check", "()V", false);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
                check(); // behind it: frames of the class file name where the instruction is
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                check();
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            if (!descriptor.startsWith("()")) { // a lambda that captures nothing is made once
                check();
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (owner.startsWith("java/util/concurrent/") && ALLOCATING_CALLS.contains(name)) {
                check();
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
    }
}
