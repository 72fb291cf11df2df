package io.walnut.engine.config;

import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.log.CheckpointRule;
import io.walnut.engine.recovery.RecoveryMode;
import io.walnut.engine.recovery.VerifyMode;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The keys that the engine itself understands. */
public final class EngineKeys {
    /** The prefix of all keys; keys of others may stand beside them in a file, and are ignored. */
    public static final String PREFIX = "wal.";

    /** Where the log lives. */
    public static final ConfigKey<Path> DIR = ConfigKey.of(
            "wal.dir",
            ConfigType.PATH,
            "The directory of the log. Created if it is not there, unless `wal.dir.require` says otherwise.");

    /** The requirement on the directory. */
    public static final ConfigKey<Required> DIR_REQUIRE = ConfigKey.of(
                    "wal.dir.require",
                    ConfigType.oneOf(Required.class),
                    "What has to be there when the log is opened, so that a volume that was not mounted does not give an"
                            + " empty log: `nothing`; `directory`: it is not created; `log`: a log was opened in it before,"
                            + " which tells an empty mount point. For the storage `file`; `log` for every storage, but not"
                            + " in a group.")
            .withDefault(Required.NOTHING);

    /** The policy where a directory cannot be forced. */
    public static final ConfigKey<DirectoryForce> DIR_FORCE = ConfigKey.of(
                    "wal.dir.force",
                    ConfigType.oneOf(DirectoryForce.class),
                    "What to do where the file system refuses to force a directory, which makes the names of files durable:"
                            + " `required` refuses to go on; `best-effort` goes on without and warns: a power loss may then"
                            + " take back new files, with records that were acknowledged. Once a directory was forced, a"
                            + " failure stops the log in either case. For the storage `file`.")
            .withDefault(DirectoryForce.REQUIRED);

    /** The permissions of directories. */
    public static final ConfigKey<String> DIR_MODE =
            mode("wal.dir.mode", "rwx------", "The permissions of directories that are created");

    /** The permissions of files. */
    public static final ConfigKey<String> FILE_MODE =
            mode("wal.file.mode", "rw-------", "The permissions of files that are created");

    /** The log's name. */
    public static final ConfigKey<String> NAME = ConfigKey.of(
                    "wal.name",
                    ConfigType.STRING,
                    "What the log is called in metrics and messages; empty for the name of its directory.")
            .withDefault("");

    /** The backend. */
    public static final ConfigKey<String> BACKEND = ConfigKey.of(
                    "wal.backend", ConfigType.STRING, "Which backend keeps the log; `engine` is this one.")
            .withDefault("engine");

    /** The codec. */
    public static final ConfigKey<String> CODEC = ConfigKey.of(
                    "wal.codec",
                    ConfigType.STRING,
                    "What compresses values: `none`, `lz4`, `zstd`, or a plugin's. A value that does not become smaller"
                            + " is stored as it is.")
            .withDefault("none");

    /** The fsync strategy. */
    public static final ConfigKey<String> FSYNC = ConfigKey.of(
                    "wal.fsync",
                    ConfigType.STRING,
                    "When appended bytes are forced to the device: `always`, `batch`, `os`, or a plugin's.")
            .withDefault("batch");

    /** The preallocator. */
    public static final ConfigKey<String> PREALLOCATOR = ConfigKey.of(
                    "wal.preallocator",
                    ConfigType.STRING,
                    "How the space of a segment is reserved: `zero` (written), `none` (files grow), `sparse` (only the"
                            + " size is set), `native` (by the kernel; needs JDK 22), or a plugin's.")
            .withDefault("zero");

    /** The meter. */
    public static final ConfigKey<String> METER = ConfigKey.of(
                    "wal.meter",
                    ConfigType.STRING,
                    "Who is told what happens: `none`, `jfr`, `log`, `otel`, or a plugin's.")
            .withDefault("none");

    /** The storage. */
    public static final ConfigKey<String> STORAGE = ConfigKey.of(
                    "wal.storage",
                    ConfigType.STRING,
                    "Where the bytes are: `file`, `memory` (as long as the process lives), or a plugin's.")
            .withDefault("file");

    /** The archiver. */
    public static final ConfigKey<String> ARCHIVER = ConfigKey.of(
                    "wal.archiver",
                    ConfigType.STRING,
                    "Who gets a copy of each sealed segment, before retention may delete it: `none`, `directory`, or a"
                            + " plugin's.")
            .withDefault("none");

    /** Plugins. */
    public static final ConfigKey<String> PLUGIN_PATH = ConfigKey.of(
                    "wal.plugin.path",
                    ConfigType.STRING,
                    "Directories, separated like those of a class path; empty for none. The jars that lie in one are a plugin, and"
                            + " so are those of each directory in it.")
            .withDefault("");

    /** How frames are stored. */
    public static final ConfigKey<IoMode> IO = ConfigKey.of(
                    "wal.io",
                    ConfigType.oneOf(IoMode.class),
                    "Whether the stage is mapped, so that an append is safe from the death of the process as soon as it is copied:"
                            + " `mapped`, or `channel` for never: then it is written first. `auto` maps where the storage"
                            + " and the preallocator allow it, unless each append waits for the device anyway. Where"
                            + " mapping fails, appends are written, and a warning says so.")
            .withDefault(IoMode.AUTO);

    /** How large the stage gets. */
    public static final ConfigKey<Long> STAGE_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.stage.bytes",
                            ConfigType.SIZE,
                            "The greatest size of the stage, which holds what was appended until it is written to its segment. It"
                                    + " begins with 64 KiB and grows while appends come faster than they are written.")
                    .withDefault(4L << 20),
            16L << 10,
            256L << 20);

    /** What to do about damage. */
    public static final ConfigKey<RecoveryMode> RECOVERY = ConfigKey.of(
                    "wal.recovery",
                    ConfigType.oneOf(RecoveryMode.class),
                    "What opening does about damage: `strict` cuts off only what a killed process leaves behind; `default`"
                            + " also what a power loss does; `truncate` keeps what is valid before any damage and"
                            + " quarantines the rest.")
            .withDefault(RecoveryMode.DEFAULT);

    /** How much of sealed segments opening reads. */
    public static final ConfigKey<VerifyMode> RECOVERY_VERIFY = ConfigKey.of(
                    "wal.recovery.verify",
                    ConfigType.oneOf(VerifyMode.class),
                    "What opening reads of sealed segments: `ends` their headers and footers, so that damage between them is"
                            + " found by the reader that meets it; `full` every record, which takes as long as reading"
                            + " the log, and refuses damage anywhere, whatever `wal.recovery` says.")
            .withDefault(VerifyMode.ENDS);

    /** How large a segment gets. */
    public static final ConfigKey<Long> SEGMENT_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.segment.bytes",
                            ConfigType.SIZE,
                            "How large the file of a segment gets. A larger record has its own.")
                    .withDefault(128L << 20),
            64L << 10,
            1L << 30);

    /** How much space is reserved first. */
    public static final ConfigKey<Long> RESERVE_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.segment.reserve.bytes",
                            ConfigType.SIZE,
                            "How much space is reserved for the first piece of a segment; each further piece is twice as"
                                    + " large, and prepared in parts of eight times this. In a group the default is"
                                    + " 64 KiB.")
                    .withDefault(1L << 20),
            4L << 10,
            1L << 30);
    /** How old a segment gets. */
    public static final ConfigKey<Duration> SEGMENT_AGE = upTo(
            Duration.ofDays(36_500),
            "wal.segment.age",
            "After what time a segment that holds records is sealed and another one begun, also if nothing is appended any"
                    + " more. Looked at eight times in that time. `0ns` for never: then only by size.",
            Duration.ZERO);

    /** How soon checkpoints are written. */
    public static final ConfigKey<Duration> CHECKPOINT_INTERVAL = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.checkpoint.interval",
                            ConfigType.DURATION,
                            "How soon checkpoints that were saved are written, in the background. What is before them is"
                                    + " forced first.")
                    .withDefault(Duration.ofSeconds(30)),
            Duration.ofMillis(1),
            Duration.ofDays(1));

    /** How much is retained. */
    public static final ConfigKey<Long> RETENTION_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.retention.bytes",
                            ConfigType.SIZE,
                            "While all segments together hold more than this, the oldest is deleted; 0 for no limit.")
                    .withDefault(0L),
            0L,
            Long.MAX_VALUE);

    /** How old records get. */
    public static final ConfigKey<Duration> RETENTION_AGE = upTo(
            Duration.ofDays(36_500),
            "wal.retention.age",
            "The oldest segment is deleted when nothing was appended to it for so long, as far as the log itself can"
                    + " tell: a clock that is set, or a record that is stamped oddly, deletes nothing early and holds nothing;"
                    + " `0ns` for no limit.",
            Duration.ZERO);

    /** Whether what has expired goes. */
    public static final ConfigKey<Boolean> RETENTION_EXPIRED = ConfigKey.of(
                    "wal.retention.expired",
                    ConfigType.BOOLEAN,
                    "Whether the oldest segment is deleted when every record in it has expired.")
            .withDefault(false);

    /** What checkpoints mean to retention. */
    public static final ConfigKey<CheckpointRule> RETENTION_CHECKPOINTS = ConfigKey.of(
                    "wal.retention.checkpoints",
                    ConfigType.oneOf(CheckpointRule.class),
                    "`hold`: nothing above the lowest checkpoint is deleted, whatever the limits say; `delete`: and what every"
                            + " checkpoint has passed is deleted, limits or not.")
            .withDefault(CheckpointRule.HOLD);

    /** The bound on the bytes that checkpoints hold back. */
    public static final ConfigKey<Long> RETENTION_HOLD_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.retention.checkpoints.max.bytes",
                            ConfigType.SIZE,
                            "How many bytes the checkpoint of a consumer may hold back: an older segment goes in spite of it, if"
                                    + " a limit asks for that, and an event tells that the checkpoint has lapsed. Not for what"
                                    + " is still to be archived; 0 for no limit.")
                    .withDefault(0L),
            0L,
            Long.MAX_VALUE);

    /** The bound on the age of what checkpoints hold back. */
    public static final ConfigKey<Duration> RETENTION_HOLD_AGE = upTo(
            Duration.ofDays(36_500),
            "wal.retention.checkpoints.max.age",
            "For how long the checkpoint of a consumer may hold a segment back after the last append to it, as"
                    + " `wal.retention.checkpoints.max.bytes` says of its bytes; `0ns` for no limit.",
            Duration.ZERO);

    /** The bound on the quarantine. */
    public static final ConfigKey<Long> QUARANTINE_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.quarantine.max.bytes",
                            ConfigType.SIZE,
                            "How many bytes of what recovery cuts off are kept in the directory `quarantine`, the newest; at most"
                                    + " 100 files. 0 for none.")
                    .withDefault(64L << 20),
            0L,
            Long.MAX_VALUE);

    /** How often retention looks. */
    public static final ConfigKey<Duration> RETENTION_INTERVAL = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.retention.interval",
                            ConfigType.DURATION,
                            "How often, in the background, sealed segments are archived and those that need not be retained"
                                    + " are deleted.")
                    .withDefault(Duration.ofMinutes(1)),
            Duration.ofMillis(1),
            Duration.ofDays(1));

    /** The longest key. */
    public static final ConfigKey<Long> MAX_KEY_BYTES = ConfigKey.inRange(
            ConfigKey.of("wal.record.max.key.bytes", ConfigType.SIZE, "The longest key that is accepted.")
                    .withDefault(1L << 20),
            1L,
            256L << 20);

    /** The longest value. */
    public static final ConfigKey<Long> MAX_VALUE_BYTES = ConfigKey.inRange(
            ConfigKey.of("wal.record.max.value.bytes", ConfigType.SIZE, "The longest value that is accepted.")
                    .withDefault(10L << 20),
            1L,
            512L << 20);

    /** The size of chunks. */
    public static final ConfigKey<Long> CHUNK_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.record.chunk.bytes",
                            ConfigType.SIZE,
                            "A value that is appended as a stream and longer than this, or than a quarter of a segment, is"
                                    + " stored in chunks of this size.")
                    .withDefault(1L << 20),
            512L,
            256L << 20);

    /** The largest batch. */
    public static final ConfigKey<Long> MAX_BATCH_BYTES = ConfigKey.inRange(
            ConfigKey.of("wal.batch.max.bytes", ConfigType.SIZE, "The largest batch that is accepted, frames included.")
                    .withDefault(64L << 20),
            4096L,
            1L << 30);

    /** How much may wait to be forced. */
    public static final ConfigKey<Long> MAX_UNSYNCED_BYTES = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.unsynced.max.bytes",
                            ConfigType.SIZE,
                            "How many bytes may wait to be forced: past it appends wait, and asynchronous ones are refused.")
                    .withDefault(256L << 20),
            4096L,
            1L << 40);

    /** What appends do past that. */
    public static final ConfigKey<BackPressure> BACK_PRESSURE = ConfigKey.of(
                    "wal.unsynced.policy",
                    ConfigType.oneOf(BackPressure.class),
                    "What an append does past `wal.unsynced.max.bytes`: `wait`, or `refuse` with a back-pressure error.")
            .withDefault(BackPressure.WAIT);

    /** How long they wait. */
    public static final ConfigKey<Duration> BACK_PRESSURE_TIMEOUT = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.unsynced.timeout",
                            ConfigType.DURATION,
                            "How long an append waits for the device before it is refused; `0s` for as long as it takes.")
                    .withDefault(Duration.ZERO),
            Duration.ZERO,
            Duration.ofDays(1));

    /** For how long an append is tried again. */
    public static final ConfigKey<Duration> FULL_RETRY = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.full.retry.limit",
                            ConfigType.DURATION,
                            "For how long an append that finds the disk full is tried again before it is rejected, in growing"
                                    + " pauses; `0s` for not at all. Asynchronous ones are rejected at once.")
                    .withDefault(Duration.ZERO),
            Duration.ZERO,
            Duration.ofDays(1));

    /** The first pause. */
    public static final ConfigKey<Duration> FULL_RETRY_PAUSE = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.full.retry.pause",
                            ConfigType.DURATION,
                            "The first pause between these tries; each is twice as long as the one before, up to a second.")
                    .withDefault(Duration.ofMillis(10)),
            Duration.ofMillis(1),
            Duration.ofSeconds(1));

    /** How many appends are timed. */
    public static final ConfigKey<Integer> APPEND_SAMPLE = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.append.sample",
                            ConfigType.INT,
                            "Times one append in so many for the metric `wal.append.duration`, 0 for none: two looks at the"
                                    + " clock and one value for the meter, for each that is timed.")
                    .withDefault(0),
            0,
            1 << 30);

    /** Who writes. */
    public static final ConfigKey<String> NODE_ID = ConfigKey.of(
                    "wal.node.id",
                    ConfigType.STRING,
                    "Who writes this log: stored in its segments and told to meters; at most 128 bytes.")
            .withDefault("")
            .withValidator(id -> id.getBytes(StandardCharsets.UTF_8).length > SegmentHeader.MAX_NODE_ID
                    ? "is longer than 128 bytes in UTF-8"
                    : null);

    /** All of them, in the order in which they are documented. */
    public static final ConfigSpec SPEC = ConfigSpec.of(
            DIR,
            DIR_REQUIRE,
            DIR_MODE,
            FILE_MODE,
            DIR_FORCE,
            NAME,
            BACKEND,
            STORAGE,
            IO,
            STAGE_BYTES,
            FSYNC,
            PREALLOCATOR,
            CODEC,
            METER,
            ARCHIVER,
            PLUGIN_PATH,
            SEGMENT_BYTES,
            RESERVE_BYTES,
            SEGMENT_AGE,
            MAX_KEY_BYTES,
            MAX_VALUE_BYTES,
            CHUNK_BYTES,
            MAX_BATCH_BYTES,
            MAX_UNSYNCED_BYTES,
            BACK_PRESSURE,
            BACK_PRESSURE_TIMEOUT,
            FULL_RETRY,
            FULL_RETRY_PAUSE,
            CHECKPOINT_INTERVAL,
            RETENTION_INTERVAL,
            RETENTION_BYTES,
            RETENTION_AGE,
            RETENTION_EXPIRED,
            RETENTION_CHECKPOINTS,
            RETENTION_HOLD_BYTES,
            RETENTION_HOLD_AGE,
            RECOVERY,
            RECOVERY_VERIFY,
            QUARANTINE_BYTES,
            APPEND_SAMPLE,
            NODE_ID);

    private EngineKeys() {}

    private static ConfigKey<String> mode(String name, String least, String what) {
        return ConfigKey.of(
                        name,
                        ConfigType.STRING,
                        what
                                + ", like `rwxr-x---` or `750`, whatever the umask of the process is; the owner's have to be at"
                                + " least those of the default. For the storage `file`, where there are such permissions.")
                .withDefault(least)
                .withValidator(text -> FileMode.problem(text, least));
    }

    private static ConfigKey<Duration> upTo(Duration most, String name, String doc, Duration value) {
        return ConfigKey.inRange(ConfigKey.of(name, ConfigType.DURATION, doc).withDefault(value), Duration.ZERO, most);
    }
}
