using System.Collections.Immutable;

namespace Copilot.Demo.Upstream.Model;

/// <summary>Which tools the model may or must call.</summary>
/// <param name="MayCall">False for <c>none</c>.</param>
/// <param name="MustCall">True for <c>required</c> and for a named function.</param>
/// <param name="Names">The only functions that count, or null for all.</param>
internal sealed record ToolChoice(bool MayCall, bool MustCall, ImmutableHashSet<string>? Names)
{
    public static ToolChoice Auto { get; } = new(true, false, null);

    public static ToolChoice None { get; } = new(false, false, null);

    public static ToolChoice Required { get; } = new(true, true, null);

    public static ToolChoice Function(string name) => new(true, true, [name]);

    public bool Admits(string name) => MayCall && (Names is null || Names.Contains(name));
}
