package io.walnut.tck.kit;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Gives a kit one configuration after the other. */
final class ConfigurationsExtension implements ClassTemplateInvocationContextProvider {
    ConfigurationsExtension() {}

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getRequiredTestClass(), Configurations.class);
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Configurations.class).stream()
                .map(found -> ReflectionSupport.newInstance(found.value()))
                .flatMap(source -> source.configurations(context).stream())
                .map(Invocation::new);
    }

    private record Invocation(Configuration configuration) implements ClassTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return configuration.name();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of((TestInstancePostProcessor) (instance, context) -> {
                if (instance instanceof Kit kit) {
                    kit.use(configuration);
                }
            });
        }
    }
}
