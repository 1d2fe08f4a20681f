namespace Copilot.Domain.Settings;

/// <summary>An absolute http or https address without user name and fragment.</summary>
public sealed class HttpAddressAttribute() : SettingAttribute(Form)
{
    /// <summary>What such an address is, as it completes "Set it to".</summary>
    public const string Form = "an absolute http or https address without user name and fragment, like https://api.openai.com/v1";

    /// <inheritdoc/>
    public override bool HidesValue => true;

    /// <summary>True for such an address.</summary>
    public static bool IsUsable(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address.UserInfo.Length == 0
            && address.Fragment.Length == 0;
    }

    /// <inheritdoc/>
    protected override bool Fits(object value) => value is Uri address && IsUsable(address);
}
