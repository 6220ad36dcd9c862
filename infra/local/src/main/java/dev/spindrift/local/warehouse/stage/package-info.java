/** Files on internal stages, kept in one folder. */
@NullMarked
package dev.spindrift.local.warehouse.stage;

import org.jspecify.annotations.NullMarked;
