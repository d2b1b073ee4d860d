package io.guestflow.processor.effects;

import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;

/**
 * What command consumption needs from around it.
 *
 * @param producer writes outcomes, see {@link EffectsClients#producer()}; its owner closes it, after the consumer
 * @param deadLetters takes commands that cannot be read
 * @param assignment is told how much of the work is this instance's
 * @param begin whether the first command may begin; asked again and again until it says yes, and not after that
 * @param fatal is told of what ends the process
 */
public record EffectsPorts(
        Producer<byte[], byte[]> producer,
        DeadLetters deadLetters,
        AssignmentListener assignment,
        BooleanSupplier begin,
        FatalError fatal) {}
