using System.Reflection;
using System.Runtime.CompilerServices;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>
/// A public or protected member as a line of the API lists: the kind's letter, modifiers, then the signature.
/// </summary>
internal sealed record ApiMember(MemberInfo Member, char Kind, string Modifiers, string Signature)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public string Line => $"{Kind} {Modifiers}{Signature}";

    /// <summary>The method that decides whether the member can be overridden; null for fields and constructors.</summary>
    public MethodInfo? Method => Member switch
    {
        MethodInfo method => method,
        PropertyInfo property => Accessor(property),
        EventInfo e => e.GetAddMethod(true),
        _ => null,
    };

    public bool IsOverride => Method is { IsVirtual: true, DeclaringType.IsInterface: false } m && !m.Attributes.HasFlag(MethodAttributes.NewSlot);

    public static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    /// <summary>The visible members that the type itself declares. Delegates have none of interest.</summary>
    public static IEnumerable<ApiMember> Of(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) return [];
        var members = new List<ApiMember>();
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => new ApiMember(field, 'F', "", $"{Name(field)} = {ApiNames.Value(field.GetRawConstantValue(), typeof(long))}"));
        members.AddRange(type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)).Select(Constructor));
        members.AddRange(type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field));
        members.AddRange(type.GetProperties(Declared).Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod)).Select(Property));
        members.AddRange(type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod)).Select(Event));
        members.AddRange(type.GetMethods(Declared).Where(m => IsVisible(m) && IsListed(m)).Select(OfMethod));
        return members;
    }

    private static bool IsVisible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsListed(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.Name.Contains('<') && (method.Name != "Finalize" || method.GetParameters().Length > 0);

    private static ApiMember Constructor(ConstructorInfo c) =>
        new(c, 'C', Access(c), $"{ApiNames.Of(c.DeclaringType!)}({Parameters(c)}){Obsolete(c)}");

    private static ApiMember Field(FieldInfo f)
    {
        var modifiers = (f.IsPublic ? "" : "protected ")
            + (f.IsLiteral ? "const " : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : ""));
        var value = f.IsLiteral ? " = " + ApiNames.Value(f.GetRawConstantValue(), f.FieldType) : "";
        return new(f, 'F', modifiers, $"{Name(f)} : {Typed(f.FieldType, () => Nullability.Create(f))}{value}{Obsolete(f)}");
    }

    private static ApiMember Property(PropertyInfo p)
    {
        var isPublic = p.GetMethod?.IsPublic == true || p.SetMethod?.IsPublic == true;
        string Text(MethodInfo? accessor, string name) =>
            !IsVisible(accessor) ? "" : (isPublic && !accessor!.IsPublic ? "protected " : "") + name + " ";
        var isInit = p.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var index = p.GetIndexParameters() is { Length: > 0 } parameters ? $"[{Parameters(parameters, false)}]" : "";
        var accessors = Text(p.GetMethod, "get;") + Text(p.SetMethod, isInit ? "init;" : "set;");
        return new(p, 'P', (isPublic ? "" : "protected ") + Dispatch(Accessor(p)),
            $"{Name(p)}{index} : {Typed(p.PropertyType, () => Nullability.Create(p))} {{ {accessors}}}{Obsolete(p)}");
    }

    private static MethodInfo Accessor(PropertyInfo p) => IsVisible(p.GetMethod) ? p.GetMethod! : p.SetMethod!;

    private static ApiMember Event(EventInfo e) =>
        new(e, 'E', Access(e.AddMethod!) + Dispatch(e.AddMethod!), $"{Name(e)} : {ApiNames.Of(e.EventHandlerType!)}{Obsolete(e)}");

    private static ApiMember OfMethod(MethodInfo m)
    {
        var generic = m.IsGenericMethodDefinition ? m.GetGenericArguments() : [];
        var names = generic.Length == 0 ? "" : $"<{string.Join(", ", generic.Select(g => g.Name))}>";
        var extends = m.IsStatic && m.IsDefined(typeof(ExtensionAttribute), false);
        return new(m, 'M', Access(m) + Dispatch(m), $"{Name(m)}{names}({Parameters(m.GetParameters(), extends)}) : "
            + Typed(m.ReturnType, () => Nullability.Create(m.ReturnParameter)) + ApiNames.Constraints(generic) + Obsolete(m));
    }

    private static string Name(MemberInfo member) => $"{ApiNames.Of(member.DeclaringType!)}.{member.Name}";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Dispatch(MethodInfo m)
    {
        if (m.IsStatic) return m.DeclaringType!.IsInterface && m.IsAbstract ? "static abstract " : "static ";
        if (m.DeclaringType!.IsInterface) return m.IsAbstract ? "" : "default ";
        if (m.IsAbstract) return "abstract ";
        if (!m.IsVirtual) return "";
        if (m.Attributes.HasFlag(MethodAttributes.NewSlot)) return m.IsFinal ? "" : "virtual ";
        return m.IsFinal ? "sealed override " : "override ";
    }

    private static string Typed(Type type, Func<NullabilityInfo> nullability) => ApiNames.Of(type) + Mark(type, nullability);

    private static string Mark(Type type, Func<NullabilityInfo> nullability)
    {
        var plain = type.IsByRef ? type.GetElementType()! : type;
        if (plain.IsValueType || plain.IsPointer) return "";
        var info = nullability();
        return info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable ? "?" : "";
    }

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters(), false);

    internal static string Parameters(ParameterInfo[] parameters, bool extends) => string.Join(", ", parameters.Select((p, i) =>
    {
        var type = p.ParameterType;
        var passing = i == 0 && extends ? "this " : "";
        if (p.IsDefined(typeof(ParamArrayAttribute)) || IsParamCollection(p)) passing += "params ";
        if (type.IsByRef) passing += p.IsOut && !p.IsIn ? "out " : p.IsDefined(typeof(IsReadOnlyAttribute)) ? "in " : "ref ";
        var name = ApiNames.Of(type.IsByRef ? type.GetElementType()! : type) + Mark(type, () => Nullability.Create(p));
        return $"{passing}{name} {p.Name}{(p.HasDefaultValue ? " = " + ApiNames.Value(p.RawDefaultValue, type) : "")}";
    }));

    // By name, because an assembly for an older framework carries an attribute of its own.
    private static bool IsParamCollection(ParameterInfo p) =>
        p.CustomAttributes.Any(a => a.AttributeType.FullName == "System.Runtime.CompilerServices.ParamCollectionAttribute");

    internal static string Obsolete(MemberInfo member) => member.GetCustomAttribute<ObsoleteAttribute>(false) switch
    {
        null => "",
        { IsError: true } => " [Obsolete(error)]",
        _ => " [Obsolete]",
    };
}
