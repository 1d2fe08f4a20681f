using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="DemoOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class DemoOptionsValidator : IValidateOptions<DemoOptions>;
