using System.Text.Json;
using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Draws a landscape whose colours come from the request.</summary>
internal sealed class DrawSkill : ISkill
{
    private const int Size = 384;

    private static readonly int[] s_grains = [48, 24, 12];

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "draw", "paint", "picture of", "image of") || turn.Hosted("image_generation") is not { } tool)
        {
            return null;
        }

        var subject = Subject.After(turn.Task, "draw me", "draw", "paint", "picture of", "image of");
        var partials = tool.Json.Member("partial_images") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt32(out var number)
            ? Math.Clamp(number, 0, s_grains.Length)
            : 0;
        return new ModelPlan(
            "A picture is wanted.",
            [
                new PlannedImage(
                    $"A calm landscape in flat colours, inspired by: {subject}",
                    Size,
                    [.. s_grains.Take(partials).Select(grain => Paintings.Landscape(subject, Size, grain))],
                    Paintings.Landscape(subject, Size, 1)),
                new PlannedMessage($"Here is a picture for “{subject}”. I am the demo model and can only paint hills; the colours come from your words."),
            ]);
    }
}
