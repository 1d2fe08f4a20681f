namespace Copilot.Domain.Responses.Failures;

public static partial class FailurePolicy
{
    /// <summary>What people can do about it.</summary>
    private static string AdviceFor(FailureDetails details) => (details.Code, details.Status) switch
    {
        ("context_length_exceeded" or "string_above_max_length", _) => "The conversation is too long for the model. Start a new one.",
        ("insufficient_quota" or "usage_not_included" or "usage_limit_reached" or "billing_hard_limit_reached" or "billing_not_active", _) =>
            "The account at the upstream has no quota left. Ask an admin.",
        ("too_large", _) => "The request is too large. Start a new conversation or send less.",
        _ when IsPolicy(details) => "The upstream's policy does not allow this. Ask in other words.",
        _ when IsToolPairing(details) => "Ask again in a new conversation, and tell an admin.",
        ("invalid_api_key" or "invalid_authentication" or "authentication_error", _) or (_, 401 or 403) =>
            "The upstream refused the key. Ask an admin to check Upstream:ApiKey.",
        ("model_not_found", _) => "The upstream does not know the model. Ask an admin to check the agent's model.",
        (_, 426) => "The upstream takes no sockets. Ask an admin to set Upstream:Transport to Auto.",
        ("rate_limit_exceeded" or "rate_limit_error", _) or (_, 429) => "The upstream is busy. Wait a little, then try again.",
        ("server_is_overloaded" or "slow_down" or "overloaded_error", _) or (_, 503 or 529) => "The upstream is overloaded. Try again in a minute.",
        (_, >= 400 and < 500) => "The upstream did not accept the request. Ask an admin if this stays so.",
        _ => "Try again. If this stays so, ask an admin to check the upstream.",
    };
}
