using Microsoft.Extensions.Options;

namespace Copilot.Domain.Supervision;

/// <summary>Checks <see cref="AgentSupervisionOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class AgentSupervisionOptionsValidator : IValidateOptions<AgentSupervisionOptions>;
