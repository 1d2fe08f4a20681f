using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Copilot.Web.Components.RunScreen.Review;

/// <summary>Addresses of runs.</summary>
internal static class RunAddress
{
    /// <summary>The parameter that says which list a run was opened from.</summary>
    public const string Origin = "from";

    /// <summary>The address of a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="seq">The event that it is shown at; null for its newest.</param>
    /// <param name="origin">The list that it is opened from, as <c>RunListRequest.ToOrigin</c> says it; null for none.</param>
    public static string Of(string runId, long? seq, string? origin) => Of(runId, seq, origin, part: null);

    /// <summary>The address of a run with a part of its screen.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="seq">The event that it is shown at; null for its newest.</param>
    /// <param name="origin">The list that it is opened from; null for none.</param>
    /// <param name="part">The part; null for the usual one.</param>
    public static string Of(string runId, long? seq, string? origin, string? part)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        if (seq is { } at)
        {
            pairs.Add(new("seq", at.ToString(CultureInfo.InvariantCulture)));
        }

        if (origin is not null)
        {
            pairs.Add(new(Origin, origin));
        }

        if (part is not null)
        {
            pairs.Add(new("part", part));
        }

        return QueryHelpers.AddQueryString("/runs/" + Uri.EscapeDataString(runId), pairs);
    }
}
