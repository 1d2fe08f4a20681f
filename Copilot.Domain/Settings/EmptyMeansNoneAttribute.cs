namespace Copilot.Domain.Settings;

/// <summary>An empty value of this setting means none at all. Everywhere else an empty value counts as not set.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyMeansNoneAttribute : Attribute;
