package io.walnut.tck.wal;

import io.walnut.api.Capability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a backend has to claim for an optional rule to be about it. A backend that does not is not tried. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface Needs {
    Capability value();
}
