import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Prints how many pages of a file wait in the cache for the kernel to begin with them; -1 where it does not tell. */
public class DirtyPages {
    private static final long CACHESTAT = 451; // Linux 6.5

    public static void main(String[] arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var open = linker.downcallHandle(
                linker.defaultLookup().find("open").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var syscall = linker.downcallHandle(
                linker.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(arguments[0]), 0, 0);
            MemorySegment wholeFile = arena.allocate(ValueLayout.JAVA_LONG, 2);
            MemorySegment state = arena.allocate(ValueLayout.JAVA_LONG, 5); // in the cache, dirty, on the way, ...
            long result = (long) syscall.invokeExact(CACHESTAT, file, wholeFile, state, 0);
            System.out.println(result == 0 ? state.getAtIndex(ValueLayout.JAVA_LONG, 1) : -1);
        }
    }
}
