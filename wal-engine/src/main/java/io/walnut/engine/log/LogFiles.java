package io.walnut.engine.log;

import java.util.Set;
import java.util.regex.Pattern;

/** The names of the files that a log creates. Whatever has another name belongs to somebody else and stays untouched. */
public final class LogFiles {
    /** The name of the lock's file. */
    public static final String LOCK = "LOCK";

    /** The directory for what recovery cut off. */
    public static final String QUARANTINE = "quarantine";

    private static final String COPY = ".copy"; // as FileStorage.unshare names it
    /** The file of frames that were appended and are not in a segment yet. */
    public static final String STAGE = StageFile.NAME;

    private static final Set<String> SLOT_FILES = Set.of(
            StateFile.NAME,
            StateFile.NEW_NAME,
            CheckpointFile.NAME,
            CheckpointFile.NEW_NAME,
            WitnessFile.NAME,
            StageFile.NAME);
    private static final Pattern QUARANTINED = Pattern.compile("[0-9]{10}\\.[0-9]{1,19}\\.torn");

    private LogFiles() {}

    /** {@return whether a log creates files with this name, its lock not counted} */
    public static boolean isOurs(String name) {
        return isLasting(name) || isUnfinishedCopy(name);
    }

    /** {@return whether a copy of one of the log's files has this name until it is whole} */
    public static boolean isUnfinishedCopy(String name) {
        return name.endsWith(COPY) && isLasting(name.substring(0, name.length() - COPY.length()));
    }

    private static boolean isLasting(String name) {
        return Segment.numberOf(name) > 0 || Segment.isSpare(name) || SLOT_FILES.contains(name);
    }

    /** {@return the name for what recovery cut off a segment at an offset} */
    public static String quarantined(long segment, long offset) {
        return Segment.fileName(segment).replace(".wal", "." + offset + ".torn");
    }

    /** {@return whether recovery creates files with this name in the quarantine} */
    public static boolean isQuarantined(String name) {
        return QUARANTINED.matcher(name).matches();
    }
}
