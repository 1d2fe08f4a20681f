using Microsoft.Extensions.Options;

namespace Copilot.Domain.Supervision;

/// <summary>Checks <see cref="SupervisionOptions"/> without those of the agents; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class CommonOptionsValidator : IValidateOptions<SupervisionOptions>;
