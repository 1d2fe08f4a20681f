using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses;

/// <summary>Checks <see cref="UpstreamOptions"/>; generated from its attributes and its <c>IValidatableObject</c>.</summary>
[OptionsValidator]
public sealed partial class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>;
