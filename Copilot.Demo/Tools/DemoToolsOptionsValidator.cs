using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>Checks <see cref="DemoToolsOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class DemoToolsOptionsValidator : IValidateOptions<DemoToolsOptions>;
