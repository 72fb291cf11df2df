package io.walnut.tck.crash;

/** The engine on a storage that lies. */
final class LyingSubject extends LayeredSubject {
    private final Lie lie;

    LyingSubject(Lie lie, Promise promise) {
        super(
                EngineConfigurations.named("channel-zero-" + fsync(promise) + "-none"),
                disk -> new LyingStorage(disk, lie));
        this.lie = lie;
    }

    private static String fsync(Promise promise) {
        return switch (promise) {
            case FORCED -> "always";
            case FORCED_SOON -> "batch";
            case WRITTEN -> "os";
        };
    }

    @Override
    public String name() {
        return super.name() + " on a disk that " + lie;
    }
}
