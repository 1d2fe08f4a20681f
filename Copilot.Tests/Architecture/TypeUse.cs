using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Copilot.Tests.Architecture;

/// <summary>One type uses another: in its shape or anywhere in its methods. Nested types count as their outermost type.</summary>
/// <param name="From">Full name of the using type.</param>
/// <param name="To">Full name of the used type.</param>
internal sealed record TypeUse(string From, string To)
{
    /// <summary>
    /// All uses in an assembly, read from its metadata and its IL: closures, iterators and async methods are nested types there,
    /// so nothing that was compiled escapes. Constants leave no trace in IL.
    /// </summary>
    public static IReadOnlySet<TypeUse> ReadAll(Assembly assembly)
    {
        using var file = File.OpenRead(assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var uses = new HashSet<TypeUse>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var from = UsedTypes.NameOf(metadata, handle);
            var used = new UsedTypes(metadata);
            AddType(image, metadata, metadata.GetTypeDefinition(handle), used);
            uses.UnionWith(used.Names.Where(to => to != from).Select(to => new TypeUse(from, to)));
        }

        return uses;
    }

    private static void AddType(PEReader image, MetadataReader metadata, TypeDefinition type, UsedTypes used)
    {
        used.Add(type.BaseType);
        used.AddAttributes(type.GetCustomAttributes());
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            used.Add(metadata.GetInterfaceImplementation(implemented).Interface);
        }

        AddConstraints(metadata, type.GetGenericParameters(), used);
        foreach (var field in type.GetFields())
        {
            metadata.GetFieldDefinition(field).DecodeSignature(used, genericContext: null);
        }

        foreach (var handle in type.GetMethods())
        {
            var method = metadata.GetMethodDefinition(handle);
            used.AddAttributes(method.GetCustomAttributes());
            method.DecodeSignature(used, genericContext: null);
            AddConstraints(metadata, method.GetGenericParameters(), used);
            if (method.RelativeVirtualAddress != 0)
            {
                AddBody(metadata, image.GetMethodBody(method.RelativeVirtualAddress), used);
            }
        }
    }

    private static void AddConstraints(MetadataReader metadata, GenericParameterHandleCollection parameters, UsedTypes used)
    {
        foreach (var constraint in parameters.SelectMany(parameter => metadata.GetGenericParameter(parameter).GetConstraints()))
        {
            used.Add(metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private static void AddBody(MetadataReader metadata, MethodBodyBlock body, UsedTypes used)
    {
        if (!body.LocalSignature.IsNil)
        {
            metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(used, genericContext: null);
        }

        foreach (var region in body.ExceptionRegions)
        {
            used.Add(region.CatchType);
        }

        foreach (var token in IlTokens.Read(body.GetILReader()))
        {
            used.Add(token);
        }
    }
}
