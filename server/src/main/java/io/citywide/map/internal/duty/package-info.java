/** People on duty on the map, and the door by which a phone goes on duty and says where it is. */
package io.citywide.map.internal.duty;
