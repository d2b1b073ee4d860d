package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Calls of guests, and what their answers must be. */
final class GuestCalls {
    private GuestCalls() {}

    static Answer<Conversation> create(CxoneTestbed bed, Duration within) {
        return bed.client().guests().create(guest("guest-1"), bed.within(within));
    }

    /** One for each of so many guests, all at once. */
    static List<Future<Answer<Conversation>>> creates(
            CxoneTestbed bed, CxoneClient client, String prefix, int count, Duration patience) {
        List<Future<Answer<Conversation>>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CreateConversation command = guest(prefix + i);
            calls.add(bed.threads.submit(() -> client.guests().create(command, bed.within(patience))));
        }
        return calls;
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    static <T> Answer.Success<T> success(Answer<T> answer) {
        if (answer instanceof Answer.Success<T> success) {
            return success;
        }
        throw new AssertionError("no success but " + answer);
    }

    static CallFailure failure(Answer<?> answer) {
        return assertInstanceOf(Answer.Failure.class, answer).failure();
    }

    static void assertAllSucceed(List<Future<Answer<Conversation>>> calls) throws Exception {
        for (Future<Answer<Conversation>> call : calls) {
            assertInstanceOf(Answer.Success.class, get(call));
        }
    }

    /** An answer, and a failure: nothing is thrown. */
    static void assertFails(Future<Answer<Conversation>> call) {
        try {
            assertInstanceOf(Answer.Failure.class, get(call));
        } catch (Exception e) {
            throw new AssertionError("a call threw", e);
        }
    }

    /** Until so many calls wait for their turn. */
    static void awaitWaiting(CxoneTestbed bed, int count) {
        await().until(() ->
                bed.meters.get("guestflow.cxone.throttle.waiting").gauge().value() == count);
    }
}
