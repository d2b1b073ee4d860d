package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one token that all calls share. It is fetched by one caller's wish and for everybody: on a thread of its own, so
 * that no caller's short deadline fails the others. Ahead of its expiry a new one is fetched while the old one still
 * serves. A failure is remembered for a moment, longer for a refusal: a wrong secret must not become a stream of token
 * calls.
 *
 * <p>Threading: any thread; a token that is far from its expiry is had without a lock.
 */
final class TokenCache {

    /** How long a refusal is believed without asking again. */
    static final Duration REFUSAL_BELIEVED = Duration.ofSeconds(5);

    private record Rest(Instant until, TokenAnswer.None answer) {}

    private final Supplier<TokenAnswer> source;
    private final InstantSource clock;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Token current;
    private @Nullable CompletableFuture<TokenAnswer> fetch;
    private @Nullable Rest rest;
    private int failures;

    /** @param source makes one token call, with a time limit of its own */
    TokenCache(Supplier<TokenAnswer> source, InstantSource clock, Backoff backoff) {
        this.source = source;
        this.clock = clock;
        this.backoff = backoff;
    }

    /** The current token, waiting for one until the deadline if there is none. */
    TokenAnswer get(Instant deadline) {
        Token token = current;
        if (token != null && clock.instant().isBefore(token.refreshAt())) {
            return new TokenAnswer.Issued(token);
        }
        CompletableFuture<TokenAnswer> awaited;
        lock.lock();
        try {
            token = current;
            Instant now = clock.instant();
            boolean serves = token != null && now.isBefore(token.expiresAt());
            if (token != null && now.isBefore(token.refreshAt())) {
                return new TokenAnswer.Issued(token);
            }
            awaited = fetch;
            if (awaited == null) {
                Rest resting = rest;
                if (resting != null && now.isBefore(resting.until)) {
                    return token != null && serves ? new TokenAnswer.Issued(token) : resting.answer;
                }
                awaited = begin();
            }
            if (token != null && serves) {
                return new TokenAnswer.Issued(token);
            }
        } finally {
            lock.unlock();
        }
        return await(awaited, deadline);
    }

    /** The token to send at this moment, without waiting for one; null if there is none. */
    @Nullable
    Token serving() {
        Token token = current;
        return token != null && clock.instant().isBefore(token.expiresAt()) ? token : null;
    }

    /** CXone refused this token; another one, fetched meanwhile, stays. */
    void drop(Token refused) {
        lock.lock();
        try {
            if (refused.equals(current)) {
                current = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<TokenAnswer> begin() {
        CompletableFuture<TokenAnswer> begun = new CompletableFuture<>();
        fetch = begun;
        Thread.ofVirtual().name("cxone-token").start(() -> {
            try {
                begun.complete(keep(source.get()));
            } catch (RuntimeException | Error e) {
                abandon();
                begun.completeExceptionally(e);
            }
        });
        return begun;
    }

    private TokenAnswer keep(TokenAnswer answer) {
        lock.lock();
        try {
            fetch = null;
            switch (answer) {
                case TokenAnswer.Issued(Token token) -> {
                    current = token;
                    rest = null;
                    failures = 0;
                }
                case TokenAnswer.None none -> {
                    Duration wait = none.failure() instanceof CallFailure.Unauthorized
                            ? REFUSAL_BELIEVED
                            : backoff.delay(failures++);
                    rest = new Rest(clock.instant().plus(wait), none);
                }
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        lock.lock();
        try {
            fetch = null;
        } finally {
            lock.unlock();
        }
    }

    private TokenAnswer await(CompletableFuture<TokenAnswer> awaited, Instant deadline) {
        try {
            long left = Duration.between(clock.instant(), deadline).toNanos();
            return awaited.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new TokenAnswer.None(new CallFailure.UpstreamError(null, CallFailure.Cause.TIMEOUT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException broken = new CancellationException("interrupted while waiting for a token");
            broken.initCause(e);
            throw broken;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException closed) {
                throw closed;
            }
            throw new IllegalStateException("the token call failed in a way it should not know", e.getCause());
        }
    }
}
