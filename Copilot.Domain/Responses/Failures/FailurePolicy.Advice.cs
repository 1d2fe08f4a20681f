using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Failures;

public static partial class FailurePolicy
{
    /// <summary>What people can do about it.</summary>
    private static string AdviceFor(FailureDetails details) => (details.Code, details.Status) switch
    {
        ("context_length_exceeded" or "string_above_max_length", _) => "The conversation is too long for the model. Start a new one.",
        ("insufficient_quota" or "usage_not_included" or "usage_limit_reached" or "billing_hard_limit_reached" or "billing_not_active", _) =>
            "The account with the model provider has no quota left. Ask an admin.",
        ("too_large", _) => "The request is too large. Start a new conversation or send less.",
        _ when IsPolicy(details) =>
            "The model provider's policy does not allow this. Try to rephrase your question: this one is not sent again with the conversation.",
        _ when IsLargerThanItsAllowance(details) => "The request is larger than the model provider allows in a minute. Start a new conversation or send less.",
        _ when IsToolPairing(details) => "Ask again in a new conversation, and let an admin know.",
        ("invalid_api_key" or "invalid_authentication" or "authentication_error", _) or (_, 401 or 403) =>
            "The model provider rejected the API key. Ask an admin to check Upstream:ApiKey.",
        ("model_not_found", _) => "The model provider does not know this model. Ask an admin to check the agent's model.",
        (_, 426) => "The model provider does not support WebSockets. Ask an admin to set Upstream:Transport to Auto.",
        ("rate_limit_exceeded" or "rate_limit_error", _) or (_, 429) => "The model provider is busy. Wait a moment, then try again.",
        ("server_is_overloaded" or "slow_down" or "overloaded_error", _) or (_, 503 or 529) => "The model provider is overloaded. Try again in a minute.",
        (_, 404 or 405 or 501) when details.Error?.Code is null && details.Context.Address is { } address =>
            $"Nothing answers such requests at {address}. Ask an admin to check Upstream:BaseUrl.",
        (_, 413) => "The request is too large. Start a new conversation or send less.",
        _ when RefusedSetting(details) is { } setting => $"The model provider does not accept {setting} as it is set. Ask an admin to change it.",
        (_, >= 400 and < 500) or (_, 501 or 505) => "The model provider did not accept the request. If this keeps happening, ask an admin.",
        _ when details.Is(TransportFailure.FirstEventTimeout) =>
            "Try again. If the model needs longer to begin, ask an admin to raise Upstream:FirstEventTimeout.",
        _ when details.Is(TransportFailure.StallTimeout) =>
            "Try again. If the model is silent for longer than that, ask an admin to raise Upstream:StallTimeout.",
        _ => "Try again. If this keeps happening, ask an admin to check the connection to the model provider.",
    };
}
