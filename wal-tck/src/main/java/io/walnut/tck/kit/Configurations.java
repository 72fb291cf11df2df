package io.walnut.tck.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the kit that it stands on once for each of several configurations, each named in the report. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ClassTemplate
@ExtendWith(ConfigurationsExtension.class)
public @interface Configurations {
    /** {@return what says which configurations these are} */
    Class<? extends ConfigurationSource> value();
}
