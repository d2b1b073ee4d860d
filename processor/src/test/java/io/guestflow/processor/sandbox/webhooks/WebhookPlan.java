package io.guestflow.processor.sandbox.webhooks;

import java.time.Duration;

/**
 * What a gateway delivers in a run: the same plan is the same webhooks in the same order. Conversations are numbered from
 * 0; each has one {@link Role} for the whole run. Those that talk take turns, so that each is heard of about as often as
 * the others.
 *
 * @param conversations how many there are
 * @param chatting share of them that write all the time
 * @param goingQuiet share that write for {@code talksFor} and then no more
 * @param closing share that write for {@code talksFor} and are then closed; what is left to 1 is silent
 * @param talksFor after the start of the run
 * @param perSecond webhooks, duplicates included
 * @param length of the run
 * @param flat share of the conversations whose webhooks are flat; the others' are digital
 * @param duplicates share of the webhooks that are delivered once more, up to {@code disorder} places later
 * @param late share of the webhooks that are delivered up to {@code disorder} places too late
 */
public record WebhookPlan(
        long seed,
        int conversations,
        double chatting,
        double goingQuiet,
        double closing,
        Duration talksFor,
        double perSecond,
        Duration length,
        double flat,
        double duplicates,
        double late,
        int disorder) {

    public WebhookPlan {
        if (conversations < 1 || !(perSecond > 0) || disorder < 1) {
            throw new IllegalArgumentException(
                    "a plan needs conversations, a rate above 0 and a disorder of 1 or more");
        }
        double talking = chatting + goingQuiet + closing;
        if (chatting < 0 || goingQuiet < 0 || closing < 0 || talking > 1.000001 || talking == 0) {
            throw new IllegalArgumentException("shares lie between 0 and 1 and somebody must talk, not " + talking);
        }
    }

    /** All chat, in both shapes, with few duplicates and little disorder; change it with the methods below. */
    public static WebhookPlan chat(long seed, int conversations, double perSecond, Duration length) {
        return new WebhookPlan(seed, conversations, 1, 0, 0, length, perSecond, length, 0.5, 0.02, 0.02, 50);
    }

    /** So many go quiet and so many are closed after a while; those that chat all the time stay as many as they are left. */
    public WebhookPlan withRoles(double chatting, double goingQuiet, double closing, Duration talksFor) {
        return new WebhookPlan(
                seed,
                conversations,
                chatting,
                goingQuiet,
                closing,
                talksFor,
                perSecond,
                length,
                flat,
                duplicates,
                late,
                disorder);
    }

    /** All conversations of one shape, or a mixture. */
    public WebhookPlan withFlat(double flat) {
        return new WebhookPlan(
                seed,
                conversations,
                chatting,
                goingQuiet,
                closing,
                talksFor,
                perSecond,
                length,
                flat,
                duplicates,
                late,
                disorder);
    }

    /** How untidy the gateway is. */
    public WebhookPlan withDisorder(double duplicates, double late, int disorder) {
        return new WebhookPlan(
                seed,
                conversations,
                chatting,
                goingQuiet,
                closing,
                talksFor,
                perSecond,
                length,
                flat,
                duplicates,
                late,
                disorder);
    }

    /** What becomes of a conversation. */
    public Role role(int conversation) {
        double at = share(conversation, 1);
        if (at < chatting) {
            return Role.CHATS;
        }
        if (at < chatting + goingQuiet) {
            return Role.GOES_QUIET;
        }
        return at < chatting + goingQuiet + closing ? Role.CLOSES : Role.SILENT;
    }

    /** How a conversation's webhooks look. */
    public Shape shape(int conversation) {
        return share(conversation, 2) < flat ? Shape.FLAT : Shape.DIGITAL;
    }

    /** When the webhook of that number is due, in nanoseconds after the start. */
    long dueNanos(long number) {
        return (long) (number * (1e9 / perSecond));
    }

    /** Evenly in [0, 1), by seed, conversation and what it is for. */
    private double share(int conversation, int purpose) {
        long mixed = seed + 0x9E3779B97F4A7C15L * (((long) conversation << 2) + purpose);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) / (double) (1L << 53);
    }
}
