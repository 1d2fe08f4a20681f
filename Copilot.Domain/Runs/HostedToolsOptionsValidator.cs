using Copilot.Domain.Runs.HostedTools;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs;

/// <summary>Checks <see cref="HostedToolsOptions"/>; generated from its attributes and its <c>IValidatableObject</c>.</summary>
[OptionsValidator]
public sealed partial class HostedToolsOptionsValidator : IValidateOptions<HostedToolsOptions>;
