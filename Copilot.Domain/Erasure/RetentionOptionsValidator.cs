using Microsoft.Extensions.Options;

namespace Copilot.Domain.Erasure;

/// <summary>Checks <see cref="RetentionOptions"/>; generated from its attributes and its <c>IValidatableObject</c>.</summary>
[OptionsValidator]
public sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
