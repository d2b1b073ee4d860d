package io.guestflow.processor.effects;

import io.guestflow.contracts.Topic;
import java.time.Instant;
import java.util.function.Function;

/**
 * One kind of command: where it comes from, where its outcome goes, who carries it out.
 *
 * @param commands where commands come from
 * @param outcomes where their outcomes go, to the partition with the command's number
 * @param commandId what identifies a command over all its deliveries
 * @param key of the command and its outcome
 * @param turn commands with equal turns are carried out one after another
 * @param deadline after this no call is made
 * @param answers the id of the command that an outcome answers
 * @param fallback the outcome of a command whose handler gave none
 * @param handler carries commands out
 */
public record CommandLane<C, O>(
        Topic<C> commands,
        Topic<O> outcomes,
        Function<C, String> commandId,
        Function<C, String> key,
        Function<C, String> turn,
        Function<C, Instant> deadline,
        Function<O, String> answers,
        FallbackOutcome<C, O> fallback,
        CommandHandler<C, O> handler) {}
