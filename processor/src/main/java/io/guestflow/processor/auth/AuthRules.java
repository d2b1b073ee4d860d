package io.guestflow.processor.auth;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an operator decides about authentication.
 *
 * @param rememberFor how long an ended request is remembered: the horizon within which a repeat is recognised
 * @param defaultTimeout how long a caller waits who does not say
 * @param pendingPerGuest how many requests of one guest may wait at a time
 * @param channelsAllowed the channels that may be used; empty for any
 * @param consentPolicies the policy versions that count as consent, the first being the one that a request means which
 *     names none; empty for any
 * @param rejectContext whether a refused context entry refuses the request, rather than being dropped
 * @param contextRetryFor how long context that could not be injected at once is retried in the background
 * @param atLeastOnce whether records may be processed again after a crash although their effects are stored
 */
public record AuthRules(
        Duration rememberFor,
        Duration defaultTimeout,
        int pendingPerGuest,
        Set<String> channelsAllowed,
        List<String> consentPolicies,
        boolean rejectContext,
        Duration contextRetryFor,
        boolean atLeastOnce) {}
