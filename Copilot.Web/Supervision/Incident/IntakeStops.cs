using Copilot.Web.Identity;

namespace Copilot.Web.Supervision.Incident;

/// <summary>Whether new requests are accepted now.</summary>
internal sealed class IntakeStops(Levers levers, PersonStore people)
{
    /// <summary>Why a request is not accepted now, with the hour in the reader's zone; null when it is.</summary>
    /// <param name="agentId">The agent that it is for.</param>
    /// <param name="userId">Who reads it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<string?> FindRefusalAsync(string agentId, string userId, CancellationToken cancellationToken)
    {
        if (levers.FindStop(agentId) is not { } lever)
        {
            return null;
        }

        var zone = (await people.FindAsync(userId, cancellationToken))?.TimeZone;
        return LeverText.Refusal(lever, zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : null);
    }
}
