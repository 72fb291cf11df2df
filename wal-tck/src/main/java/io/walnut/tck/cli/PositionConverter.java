package io.walnut.tck.cli;

import io.walnut.api.Position;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a position from the command line. */
final class PositionConverter implements ITypeConverter<Position> {
    @Override
    public Position convert(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
