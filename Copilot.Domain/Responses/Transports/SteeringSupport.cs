using System.Collections.Concurrent;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>What the process has learned about models that cannot be steered, per upstream and model.</summary>
/// <remarks>Source: the API's guide "Steering": the GPT-6 family supports it, GPT-5.6 and earlier do not.</remarks>
internal sealed class SteeringSupport
{
    /// <summary>The families that are older than steering.</summary>
    private static readonly string[] s_older = ["gpt-3", "gpt-4", "gpt-5", "chatgpt-", "o1", "o3", "o4"];

    private readonly ConcurrentDictionary<(Uri Upstream, string Model), bool> _refused = new();

    /// <summary>True when it is worth a try.</summary>
    public bool MaySteer(SteeringChoice choice, Uri upstream, string model) => choice switch
    {
        SteeringChoice.On => true,
        SteeringChoice.Off => false,
        _ => !s_older.Any(family => model.StartsWith(family, StringComparison.OrdinalIgnoreCase)) && !_refused.ContainsKey((upstream, model)),
    };

    /// <summary>True for what an upstream answers that does not know the message at all.</summary>
    public static bool IsUnknownMessage(ResponseError error) => error.Status is 400 or 422 || error.ErrorType is "invalid_request_error";

    /// <summary>Takes note that the upstream has refused; <see cref="SteeringChoice.Auto"/> does not try again.</summary>
    public void Refused(Uri upstream, string model) => _refused[(upstream, model)] = true;
}
