package io.walnut.engine.log;

import io.walnut.engine.format.Footer;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The end of a segment's life as one that is written to. */
public final class Seal {
    private Seal() {}

    /**
     * Writes the footer of a finished segment and cuts the file behind it. The content must have been forced before,
     * because a footer means durable.
     */
    public static void write(StorageFile file, Segment segment, boolean successor) throws IOException {
        byte[] footer = Footer.bytes(
                segment.header().salt(), segment.chainEnd(), successor, segment.lastCheck(), segment.contents());
        file.write(ByteBuffer.wrap(footer), segment.chainEnd());
        file.truncate(segment.chainEnd() + footer.length);
        file.force();
    }
}
