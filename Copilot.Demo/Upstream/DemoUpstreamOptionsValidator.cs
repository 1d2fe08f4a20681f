using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream;

/// <summary>Checks <see cref="DemoUpstreamOptions"/> and their faults; generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class DemoUpstreamOptionsValidator : IValidateOptions<DemoUpstreamOptions>;
