package io.walnut.tck.kit;

import io.walnut.engine.preallocate.ZeroPreallocator;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageProvider;
import io.walnut.spi.WalEvent;
import io.walnut.spi.config.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kits for parts under test: each flawed part is caught by the rule that is meant for it. */
class PartKitsCatchTest {
    @ParameterizedTest
    @ValueSource(strings = {"P111", "P112", "P113", "P114", "P115", "P116", "P121", "P122"})
    void shouldCatchAFlawedPreallocator(String rule) {
        FlawedPreallocatorKit.part = switch (rule) {
            case "P111" ->
                () -> preallocator("reserve", (args, honest) -> {
                    for (long at = (long) args[1]; at < (long) args[2]; at++) {
                        ((StorageFile) args[0]).write(ByteBuffer.wrap(new byte[] {1}), at);
                    }
                    return null;
                });
            case "P112" ->
                () -> preallocator("reserve", (args, honest) -> {
                    args[1] = Math.max(0, (long) args[1] - 1);
                    return honest.call();
                });
            case "P113" ->
                () -> preallocator("reserve", (args, honest) -> {
                    ((StorageFile) args[0]).truncate((long) args[2]);
                    return null;
                });
            case "P114" ->
                () -> preallocator("reserve", (args, honest) -> {
                    try {
                        return honest.call();
                    } catch (IOException swallowed) {
                        return null;
                    }
                });
            case "P115" ->
                () -> preallocator("reserve", (args, honest) -> {
                    args[2] = Math.max((long) args[2], (long) args[1] + 4096);
                    return honest.call();
                });
            case "P116" ->
                () -> preallocator("reserve", (args, honest) -> {
                    honest.call();
                    ((StorageFile) args[0]).close();
                    return null;
                });
            case "P121" ->
                () -> {
                    AtomicReference<Object> first = new AtomicReference<>();
                    return preallocator("reserve", (args, honest) -> {
                        first.compareAndSet(null, args[0]);
                        return first.get() == args[0] ? honest.call() : null;
                    });
                };
            default ->
                () -> {
                    boolean fills = FlawedPreallocatorKit.made.incrementAndGet() % 2 == 0;
                    return preallocator("fills", (args, honest) -> fills);
                };
        };
        Rules.assertCaught(rule, Rules.failedBy(FlawedPreallocatorKit.class));
    }

    private static Preallocator preallocator(String method, Flawed.Instead instead) {
        return Flawed.in(Preallocator.class, new ZeroPreallocator(4096), method, instead);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F101", "F102", "F111", "F112", "F121", "F122"})
    void shouldCatchAFlawedStrategy(String rule) {
        FlawedStrategyKit.part = switch (rule) {
            case "F111" -> () -> (pending, append) -> pending > Long.MAX_VALUE / 2 ? -1 : 5;
            case "F112" -> () -> (pending, append) -> Long.numberOfLeadingZeros(append) == 43 ? -1 : 5;
            case "F121" ->
                () -> {
                    Thread owner = Thread.currentThread();
                    return (pending, append) -> {
                        if (Thread.currentThread() != owner) {
                            throw new IllegalStateException("not the thread that made it");
                        }
                        return 5;
                    };
                };
            case "F122" ->
                () -> {
                    AtomicReference<byte[]> kept = new AtomicReference<>();
                    return (pending, append) -> {
                        kept.set(new byte[16]);
                        return 5;
                    };
                };
            default -> () -> (pending, append) -> 5;
        };
        Rules.assertCaught(rule, Rules.failedBy(FlawedStrategyKit.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"M111", "M112", "M113", "M114", "M115", "M116", "M121"})
    void shouldCatchAFlawedMeter(String rule) {
        FlawedMeterKit.part = () -> new FlawedMeter(rule);
        Rules.assertCaught(rule, Rules.failedBy(FlawedMeterKit.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "T111", "T112", "T113", "T114", "T115", "T116", "T117", "T118", "T119", "T131", "T132", "T133", "T135",
                "T137", "T137f", "T138", "T139", "T140", "T161"
            })
    void shouldCatchAFlawedStorage(String flaw) {
        FlawedStorageKit.flaw = flaw;
        Rules.assertCaught(flaw.substring(0, 4), Rules.failedBy(FlawedStorageKit.class));
    }

    private static Storage storage(String rule, Storage honest) {
        return switch (rule) {
            case "T111" ->
                flawed(honest, "create", (args, create) -> {
                    try {
                        return create.call();
                    } catch (FileAlreadyExistsException e) {
                        return honest.open((String) args[0]);
                    }
                });
            case "T112" ->
                flawed(honest, "open", (args, open) -> {
                    try {
                        return open.call();
                    } catch (NoSuchFileException e) {
                        return honest.create((String) args[0]);
                    }
                });
            case "T113" ->
                flawed(honest, "rename", (args, rename) -> {
                    honest.delete((String) args[1]);
                    return rename.call();
                });
            case "T114" ->
                flawed(honest, "delete", (args, delete) -> {
                    honest.open((String) args[0]).close();
                    return delete.call();
                });
            case "T115" -> flawed(honest, "lock", (args, lock) -> new MemoryStorage("another").lock((String) args[0]));
            case "T116" -> flawed(honest, "directory", (args, directory) -> honest);
            case "T118" -> flawed(honest, "usableBytes", (args, usable) -> 0L);
            case "T119" ->
                flawed(honest, "create", (args, create) -> {
                    args[0] = args[0].toString().isEmpty()
                            ? "empty"
                            : args[0].toString().replaceAll("[/.]{2,}|/", "_");
                    return create.call();
                });
            case "T131" ->
                file(honest, "write", (args, write) -> {
                    args[1] = (long) args[1] / 2;
                    return write.call();
                });
            case "T132" -> file(honest, "read", (args, read) -> Math.max(0, (int) read.call()));
            case "T133" ->
                file(honest, "write", (args, write) -> {
                    ((ByteBuffer) args[0]).array();
                    return write.call();
                });
            case "T135" -> file(honest, "truncate", (args, truncate) -> null);
            case "T137" -> file(honest, "close", (args, close) -> null);
            case "T137f" ->
                file(honest, "force", (args, force) -> {
                    try {
                        return force.call();
                    } catch (ClosedChannelException e) {
                        return null;
                    }
                });
            case "T138" ->
                flawed(honest, "openReadOnly", (args, open) -> {
                    StorageFile was = (StorageFile) open.call();
                    ByteBuffer content = ByteBuffer.allocate((int) was.size());
                    was.read(content, 0);
                    StorageFile copy = new MemoryStorage("copy").create((String) args[0]);
                    copy.write(content.flip(), 0);
                    return copy;
                });
            case "T139" -> flawed(honest, "openReadOnly", (args, open) -> honest.open((String) args[0]));
            case "T140" -> file(honest, "allocate", (args, allocate) -> true);
            case "T161" ->
                file(honest, "force", (args, force) -> {
                    Thread.interrupted();
                    return force.call();
                });
            default -> honest;
        };
    }

    private static Storage flawed(Storage honest, String method, Flawed.Instead instead) {
        return Flawed.in(Storage.class, honest, method, instead);
    }

    private static Storage file(Storage honest, String method, Flawed.Instead instead) {
        Function<Object, StorageFile> flawed =
                file -> Flawed.in(StorageFile.class, (StorageFile) file, method, instead);
        return flawed(
                flawed(honest, "create", (args, create) -> flawed.apply(create.call())),
                "open",
                (args, open) -> flawed.apply(open.call()));
    }

    static class FlawedPreallocatorKit extends PreallocatorKit {
        private static final AtomicInteger made = new AtomicInteger();
        private static Supplier<Preallocator> part;

        private interface Provider extends PreallocatorProvider {
            @Override
            default String name() {
                return "flawed";
            }
        }

        @Override
        protected PreallocatorProvider provider() {
            return new Provider() {
                @Override
                public Preallocator create(Settings settings, PluginContext context) {
                    return part.get();
                }
            };
        }
    }

    static class FlawedStrategyKit extends FsyncStrategyKit {
        private static Supplier<FsyncStrategy> part;

        private interface Provider extends FsyncStrategyProvider {
            @Override
            default String name() {
                return "flawed";
            }
        }

        @Override
        protected FsyncStrategyProvider provider() {
            return new Provider() {
                @Override
                public FsyncStrategy create(Settings settings, PluginContext context) {
                    return part.get();
                }
            };
        }
    }

    static class FlawedMeterKit extends MeterKit {
        private static Supplier<FlawedMeter> part;
        private FlawedMeter meter;

        private interface Provider extends MeterProvider {
            @Override
            default String name() {
                return "flawed";
            }
        }

        @Override
        protected MeterProvider provider() {
            return new Provider() {
                @Override
                public Meter create(Settings settings, PluginContext context) {
                    meter = part.get();
                    return meter;
                }
            };
        }

        @Override
        protected boolean collect() {
            return meter.collect();
        }
    }

    static class FlawedStorageKit extends StorageKit {
        private static final Map<Path, Storage> DIRECTORIES = new ConcurrentHashMap<>();
        private static String flaw;

        private interface Provider extends StorageProvider {
            @Override
            default String name() {
                return "flawed";
            }
        }

        @Override
        protected StorageProvider provider() {
            return new Provider() {
                @Override
                public Storage create(Settings settings, PluginContext context) {
                    Storage honest = flaw.equals("T117")
                            ? new MemoryStorage("flawed")
                            : DIRECTORIES.computeIfAbsent(context.directory(), path -> new MemoryStorage("flawed"));
                    return storage(flaw, honest);
                }
            };
        }
    }

    /** A meter of a counter for each log, with one flaw. */
    private static final class FlawedMeter implements Meter {
        private final String rule;
        private final Thread owner = Thread.currentThread();
        private final Map<Instruments, MetricSource> sources = new ConcurrentHashMap<>();

        FlawedMeter(String rule) {
            this.rule = rule;
        }

        boolean collect() {
            sources.values().forEach(source -> source.value(Metrics.SEGMENTS));
            return true;
        }

        @Override
        public Instruments attach(MetricSource source) {
            check(rule.equals("M114") && source.logName().isEmpty());
            Instruments instruments = new Instruments() {
                @Override
                public void record(io.walnut.spi.Metric metric, long value) {
                    check(rule.equals("M111") && value > Long.MAX_VALUE / 2);
                    check(rule.equals("M121") && Thread.currentThread() != owner);
                }

                @Override
                public void event(WalEvent event) {
                    check(rule.equals("M112")
                            && event instanceof WalEvent.Failed failed
                            && failed.cause().getMessage() == null);
                    check(rule.equals("M113") && event.getClass().getEnclosingClass() != WalEvent.class);
                }

                @Override
                public void close() {
                    if (rule.equals("M115")) {
                        sources.clear();
                    } else if (!rule.equals("M116")) {
                        sources.remove(this);
                    }
                }
            };
            sources.put(instruments, source);
            return instruments;
        }

        private static void check(boolean fails) {
            if (fails) {
                throw new IllegalStateException("a flaw");
            }
        }
    }
}
