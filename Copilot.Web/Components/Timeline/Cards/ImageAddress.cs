using System.Globalization;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Web.Components.Timeline.Cards;

/// <summary>Where the browser gets an image of a run's log.</summary>
internal static class ImageAddress
{
    /// <summary>For example <c>/runs/run_1/events/12/image?n=0</c>.</summary>
    public static string Of(string runId, ImageRef image) => string.Create(
        CultureInfo.InvariantCulture,
        $"/runs/{Uri.EscapeDataString(runId)}/events/{image.Seq}/image?n={image.Index}{(image.Place is { } place ? $"&item={place.ToString(CultureInfo.InvariantCulture)}" : "")}");
}
