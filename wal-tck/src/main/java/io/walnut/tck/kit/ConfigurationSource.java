package io.walnut.tck.kit;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Says over which configurations {@link Configurations} runs a suite. Needs a constructor without parameters. */
@FunctionalInterface
public interface ConfigurationSource {
    /**
     * The configurations.
     *
     * @param context of the class that is run
     * @return at least one, with different names
     */
    List<Configuration> configurations(ExtensionContext context);
}
