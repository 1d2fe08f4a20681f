using Copilot.Domain.Runs.Forks;

namespace Copilot.Web.Runs.Forking;

/// <summary>What a person sees before they fork a run.</summary>
/// <param name="Run">The run with its steps.</param>
/// <param name="Model">The model that it used.</param>
/// <param name="Models">Models to choose from, that one first.</param>
/// <param name="Effects">What carrying out each of its tools once more means, by the tool's name.</param>
internal sealed record ForkPreview(ForkableRun Run, string Model, IReadOnlyList<string> Models, IReadOnlyDictionary<string, ForkEffect> Effects)
{
    /// <summary>What carrying out a call once more means.</summary>
    public ForkEffect EffectOf(ForkCall call) => call.IsHosted ? ForkEffect.AtProvider : Effects.GetValueOrDefault(call.Name, ForkEffect.Gone);
}
