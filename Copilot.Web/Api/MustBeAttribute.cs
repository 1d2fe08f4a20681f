namespace Copilot.Web.Api;

/// <summary>What JSON a field of a request takes, as it completes "'field' must be". Said where a value of another type came.</summary>
/// <param name="form">The form in words.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MustBeAttribute(string form) : Attribute
{
    /// <summary>The form in words.</summary>
    public string Form { get; } = form;
}
