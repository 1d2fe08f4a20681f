using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Copilot.Tests.Architecture;

/// <summary>Collects the names of the types that handles and signatures of one assembly speak of.</summary>
internal sealed class UsedTypes(MetadataReader metadata) : ISignatureTypeProvider<UsedTypes.Nothing?, UsedTypes.Nothing?>
{
    private readonly HashSet<string> _names = [];

    public IReadOnlySet<string> Names => _names;

    /// <summary>Adds what a handle of any kind points at.</summary>
    public void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _names.Add(NameOf(metadata, (TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeReference:
                _names.Add(NameOf(metadata, (TypeReferenceHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, genericContext: null);
                break;
            case HandleKind.MemberReference:
                Add(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodDefinition:
                Add(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodSpecification:
                var method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(method.Method);
                method.DecodeSignature(this, genericContext: null);
                break;
        }
    }

    /// <summary>Adds the types of attributes.</summary>
    public void AddAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
        {
            Add(metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    /// <summary>Full name of the outermost type around a type of this assembly.</summary>
    public static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? NameOf(metadata, outer)
            : Join(metadata, type.Namespace, type.Name);
    }

    public Nothing? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return null;
    }

    public Nothing? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return null;
    }

    public Nothing? GetTypeFromSpecification(
        MetadataReader reader, Nothing? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return null;
    }

    // The parts of a compound type have been added when these are called.
    public Nothing? GetArrayType(Nothing? elementType, ArrayShape shape) => null;

    public Nothing? GetByReferenceType(Nothing? elementType) => null;

    public Nothing? GetFunctionPointerType(MethodSignature<Nothing?> signature) => null;

    public Nothing? GetGenericInstantiation(Nothing? genericType, ImmutableArray<Nothing?> typeArguments) => null;

    public Nothing? GetGenericMethodParameter(Nothing? genericContext, int index) => null;

    public Nothing? GetGenericTypeParameter(Nothing? genericContext, int index) => null;

    public Nothing? GetModifiedType(Nothing? modifier, Nothing? unmodifiedType, bool isRequired) => null;

    public Nothing? GetPinnedType(Nothing? elementType) => null;

    public Nothing? GetPointerType(Nothing? elementType) => null;

    public Nothing? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

    public Nothing? GetSZArrayType(Nothing? elementType) => null;

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)
            : Join(metadata, type.Namespace, type.Name);
    }

    private static string Join(MetadataReader metadata, StringHandle space, StringHandle name) =>
        space.IsNil ? metadata.GetString(name) : metadata.GetString(space) + "." + metadata.GetString(name);

    /// <summary>Signatures are read for what they mention; nothing is made of them.</summary>
    internal sealed class Nothing;
}
