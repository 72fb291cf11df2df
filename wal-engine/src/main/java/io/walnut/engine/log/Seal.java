package io.walnut.engine.log;

import io.walnut.engine.format.Footer;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The end of a segment's life as one that is written to. */
public final class Seal {
    private Seal() {}

    /**
     * Writes the footer of a finished segment and cuts the file behind it. The content must have been forced before,
     * because a footer means durable.
     *
     * @param file the file of the segment
     * @param segment the segment
     * @param flags of the {@link Footer}
     * @return false if there is no space for a footer, where none could be reserved: then the file ends with its content,
     *     and is read again when the log is opened
     */
    public static boolean write(StorageFile file, Segment segment, int flags) throws IOException {
        byte[] footer = Footer.bytes(
                segment.header().salt(), segment.chainEnd(), flags, segment.lastCheck(), segment.contents());
        boolean written = true;
        try {
            file.write(ByteBuffer.wrap(footer), segment.chainEnd());
        } catch (StorageFullException e) {
            written = false;
        }
        file.truncate(segment.chainEnd() + (written ? footer.length : 0));
        file.force();
        return written;
    }
}
