using System.Reflection;
using System.Reflection.Emit;

namespace GanPipeline.Export;

/// <summary>Makes delegates of the copies of lambdas and methods, where a copied method makes them of the originals.</summary>
internal static class Delegates
{
    /// <summary>
    /// A method (object target, IntPtr) to a delegate, in place of the delegate's constructor; null where the delegate cannot be made of a
    /// copy.
    /// </summary>
    public static DynamicMethod? Maker(Type type, MethodInfo function)
    {
        if (!typeof(Delegate).IsAssignableFrom(type) || function.DeclaringType!.IsValueType) return null;
        var maker = new DynamicMethod("delegate", type, [typeof(object), typeof(nint)], typeof(Delegates).Module, true);
        var id = References.Add(function);
        var il = maker.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Ldtoken, type);
        il.Emit(OpCodes.Call, typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!);
        il.Emit(OpCodes.Call, typeof(Delegates).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!);
        il.Emit(OpCodes.Castclass, type);
        il.Emit(OpCodes.Ret);
        return maker;
    }

    private static Delegate Make(object? target, int function, Type type)
    {
        var method = (MethodInfo)References.Get(function);
        // The copy of a virtual method is that of the target's own.
        if (target is not null && method.IsVirtual) method = CallWrappers.Implementation(method, target.GetType()) ?? method;
        return method.IsStatic ? MethodCopies.Of(method).CreateDelegate(type) : MethodCopies.Of(method).CreateDelegate(type, target);
    }
}
