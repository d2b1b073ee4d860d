package io.guestflow.processor.runtime;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.guestflow.processor.config.Settings;
import java.net.URL;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.slf4j.event.Level;

/** Makes the log look as the settings say, and brings what libraries write to {@code java.util.logging} into it. */
public final class Logging {
    private Logging() {}

    /**
     * Configures the log anew. Reading the settings has already made loggers (Kafka's configuration classes have some), so
     * this cannot be left to logback's own start, which happened with the defaults.
     */
    public static void configure(Settings.Log log) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        URL file = Objects.requireNonNull(
                Logging.class.getResource("/logback.xml"), "logback.xml is not on the class path");
        context.reset();
        context.putProperty("guestflow.log.format", log.format().name().toLowerCase(Locale.ROOT));
        context.putProperty("guestflow.log.level", log.level().name());
        context.putProperty("guestflow.log.libraries", log.level() == Level.ERROR ? "ERROR" : "WARN");
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(file);
        } catch (JoranException e) {
            throw new IllegalStateException("logback.xml cannot be read", e);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
