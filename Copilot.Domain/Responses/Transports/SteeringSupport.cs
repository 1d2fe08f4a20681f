using System.Collections.Concurrent;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Models that cannot be steered, as far as the process knows, per upstream and model.</summary>
/// <remarks>Source: the API's guide "Steering": the GPT-6 family supports it, GPT-5.6 and earlier do not.</remarks>
internal sealed class SteeringSupport
{
    /// <summary>Model families that predate steering.</summary>
    private static readonly string[] s_older = ["gpt-3", "gpt-4", "gpt-5", "chatgpt-", "o1", "o3", "o4"];

    private readonly ConcurrentDictionary<(Uri Upstream, string Model), bool> _refused = new();

    /// <summary>True when steering may be tried.</summary>
    public bool MaySteer(SteeringChoice choice, Uri upstream, string model) => choice switch
    {
        SteeringChoice.On => true,
        SteeringChoice.Off => false,
        _ => !s_older.Any(family => model.StartsWith(family, StringComparison.OrdinalIgnoreCase)) && !_refused.ContainsKey((upstream, model)),
    };

    /// <summary>True for the error of an upstream that does not know the message.</summary>
    public static bool IsUnknownMessage(ResponseError error) => error.Status is 400 or 422 || error.ErrorType is "invalid_request_error";

    /// <summary>Records that the upstream has refused; <see cref="SteeringChoice.Auto"/> does not try again.</summary>
    public void Refused(Uri upstream, string model) => _refused[(upstream, model)] = true;
}
