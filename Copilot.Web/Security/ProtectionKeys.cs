using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Copilot.Web.Security;

/// <summary>
/// The keys that protect sign-ins and forms, each in a file. Written so that a power cut leaves no half of one; and one that is damaged all
/// the same is left out, as it would otherwise keep everybody from signing in until somebody found it.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="loggers">For the files that cannot be read.</param>
internal sealed partial class ProtectionKeys(DirectoryInfo folder, ILoggerFactory loggers) : FileSystemXmlRepository(folder, loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ProtectionKeys>();

    /// <inheritdoc/>
    public override IReadOnlyCollection<XElement> GetAllElements()
    {
        var elements = new List<XElement>();
        foreach (var file in Directory.Exists ? Directory.EnumerateFiles("*.xml") : [])
        {
            try
            {
                using var stream = file.OpenRead();
                elements.Add(XElement.Load(stream));
            }
            catch (XmlException exception)
            {
                LogDamaged(exception, file.FullName);
            }
        }

        return elements;
    }

    /// <inheritdoc/>
    public override void StoreElement(XElement element, string friendlyName)
    {
        using var content = new MemoryStream();
        element.Save(content);
        OwnerFile.Create(Path.Combine(Directory.FullName, Path.GetFileName(friendlyName) + ".xml"), content.ToArray());
    }

    [LoggerMessage(LogLevel.Warning, "{File} is damaged and was left out: who signed in with this key signs in again. Delete the file, or restore it")]
    private partial void LogDamaged(Exception exception, string file);
}
