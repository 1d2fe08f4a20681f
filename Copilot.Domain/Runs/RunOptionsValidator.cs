using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs;

/// <summary>Checks <see cref="RunOptions"/>; generated from its attributes and its <c>IValidatableObject</c>.</summary>
[OptionsValidator]
public sealed partial class RunOptionsValidator : IValidateOptions<RunOptions>;
