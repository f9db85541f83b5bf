using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace GanPipeline.Export;

/// <summary>Makes objects of the program by copies of their constructors, so that the tensors which these compute are recorded.</summary>
internal static class Constructions
{
    /// <summary>A method that takes the constructor's arguments and returns the object; null where it cannot be made of a copy.</summary>
    public static DynamicMethod? Maker(ConstructorInfo constructor)
    {
        var type = constructor.DeclaringType!;
        // Closures and iterators have constructors that compute nothing.
        if (type.Name.StartsWith('<') || CallWrappers.Copy(constructor) is not { } copy) return null;
        var parameters = constructor.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var maker = new DynamicMethod(type.Name, type, parameters, typeof(Constructions).Module, true);
        var il = maker.GetILGenerator();
        var made = il.DeclareLocal(type);
        if (!type.IsValueType)
        {
            il.Emit(OpCodes.Ldtoken, type);
            il.Emit(OpCodes.Call, typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!);
            il.Emit(OpCodes.Call, typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.GetUninitializedObject))!);
            il.Emit(OpCodes.Castclass, type);
            il.Emit(OpCodes.Stloc, made);
        }
        il.Emit(type.IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, made);
        for (var i = 0; i < parameters.Length; i++) il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, copy);
        il.Emit(OpCodes.Ldloc, made);
        il.Emit(OpCodes.Ret);
        return maker;
    }
}
