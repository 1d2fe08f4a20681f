using Copilot.Domain.Settings;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>The name of a fault of the <see cref="DemoFaultCatalog"/>.</summary>
internal sealed class KnownFaultAttribute() : SettingAttribute(Form)
{
    /// <summary>What such a name is, as it completes "Set it to".</summary>
    public const string Form = "the name of a fault, like cut_text";

    /// <inheritdoc/>
    protected override bool Fits(object value) => value is string name && DemoFaultCatalog.Find(name) is not null;
}
