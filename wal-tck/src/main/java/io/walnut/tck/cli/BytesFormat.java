package io.walnut.tck.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How the bytes of a key or a value are printed. */
enum BytesFormat {
    /** As text where they are printable UTF-8, else encoded. */
    AUTO,
    /** In Base64. */
    BASE64,
    /** In hexadecimal. */
    HEX;

    /**
     * Bytes in a JSON object.
     *
     * @param suffix what to add to the name of the field
     * @param text its value
     */
    record Encoded(String suffix, String text) {}

    Encoded inJson(byte[] bytes) {
        String text = this == AUTO ? printable(bytes) : null;
        if (text != null) {
            return new Encoded("", text);
        }
        return this == HEX ? new Encoded("Hex", hex(bytes)) : new Encoded("Base64", base64(bytes));
    }

    /** {@return the bytes on a line of text: quoted text, {@code 0x} and hexadecimal, or {@code base64:} and Base64} */
    String inText(byte[] bytes) {
        String text = this == AUTO ? printable(bytes) : null;
        if (text != null) {
            return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
        }
        return this == BASE64 ? "base64:" + base64(bytes) : "0x" + hex(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static @Nullable String printable(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.codePoints().allMatch(BytesFormat::isPrintable) ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
            case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
